import { notFound } from '../api-error.js';
import { IMAGES } from '../catalog/images.js';
import { REGIONS } from '../catalog/regions.js';
import { SIZES } from '../catalog/sizes.js';
import { page } from '../page.js';
import { type Route, route } from '../route.js';
import { imageOf, imageView, regionView, sizeView } from './views.js';

/** Regions, sizes and images: what there is to choose from. */
export function catalogRoutes(): Route[] {
  return [
    route('GET', '/v2/regions', 'regions:read', (call) =>
      page(call, '/v2/regions', 'regions', REGIONS, ({ slug }) => regionView(slug)),
    ),
    route('GET', '/v2/sizes', 'sizes:read', (call) =>
      page(call, '/v2/sizes', 'sizes', SIZES, sizeView),
    ),
    route('GET', '/v2/images', 'image:read', (call) => {
      const type = call.query.get('type');
      const isPrivate = call.query.get('private') === 'true' || call.query.has('tag_name');
      const images = IMAGES.filter(({ kind }) => !isPrivate && (!type || kind === type));
      return page(call, '/v2/images', 'images', images, imageView);
    }),
    route('GET', '/v2/images/:id', 'image:read', ({ params: { id = '' } }) => {
      const image = imageOf(id);
      if (!image) throw notFound();
      return { status: 200, body: { image: imageView(image) } };
    }),
  ];
}
