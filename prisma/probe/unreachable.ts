/** The server gave no answer: nothing listens, time ran out, or it does not speak GraphQL. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}
