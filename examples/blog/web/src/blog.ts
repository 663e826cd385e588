import { Prisma } from './prisma';

/** A post as the API returns it. */
export interface Post {
  readonly id: string;
  readonly createdAt: string;
  readonly title: string;
  readonly author: { readonly name: string };
}

const POST = 'fragment Full on Post { id createdAt title author { name } }';

/** The posts of the service, through the client that `prisma1 generate` makes from its datamodel. */
export class Blog {
  readonly #prisma: Prisma;

  /** @param secret of the service; without one its API is open */
  constructor(endpoint: string, secret?: string) {
    this.#prisma = new Prisma({ endpoint, secret });
  }

  /** The latest posts, newest first. */
  latest(count: number): Promise<Post[]> {
    return this.#prisma.posts({ orderBy: 'createdAt_DESC', first: count }).$fragment(POST);
  }

  /** Adds a post; an author who is new is added too. */
  async add(title: string, name: string): Promise<Post> {
    await this.#prisma.upsertAuthor({ where: { name }, create: { name }, update: {} });
    return this.#prisma.createPost({ title, author: { connect: { name } } }).$fragment(POST);
  }
}
