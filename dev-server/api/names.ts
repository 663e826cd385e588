import pluralize from 'pluralize';

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** `User` gives `user`, `users`; the plural of mutations keeps its capital: `Users`. */
export const namesOf = (model: string) => ({
  one: lowerFirst(model),
  many: lowerFirst(pluralize.plural(model)),
  Many: pluralize.plural(model),
});

/** `Post`, without its field `author`: `PostCreateWithoutAuthorInput` and its like. */
export const without = (field: string | undefined): string =>
  field === undefined ? '' : `Without${upperFirst(field)}`;
