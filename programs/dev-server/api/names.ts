import pluralize from 'pluralize';

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Singular and plural must differ, also for words without a plural: `News` gives `Newses`. */
function pluralOf(model: string): string {
  const plural = pluralize.plural(model);
  return plural === model ? `${model}${model.endsWith('s') ? 'es' : 's'}` : plural;
}

/** `User` gives `user` and `users`; the plural in names of mutations keeps its capital. */
export const namesOf = (model: string) => ({
  one: lowerFirst(model),
  many: lowerFirst(pluralOf(model)),
  Many: pluralOf(model),
});

/** `Post`, without its field `author`: `PostCreateWithoutAuthorInput` and its like. */
export const without = (field: string | undefined): string =>
  field === undefined ? '' : `Without${upperFirst(field)}`;
