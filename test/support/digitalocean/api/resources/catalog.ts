import { notFound } from '../api-error.js';
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
    route('GET', '/v2/images/:id', 'image:read', ({ params: { id = '' } }) => {
      const image = imageOf(id);
      if (!image) throw notFound();
      return { status: 200, body: { image: imageView(image) } };
    }),
  ];
}
