import {
  GraphQLError,
  GraphQLScalarType,
  type GraphQLSchema,
  Kind,
  valueFromASTUntyped,
} from 'graphql';

const ISO_DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

function parseDate(value: unknown): Date {
  const text = String(value);
  // Without a zone it is UTC, never the zone of the machine.
  const zoned =
    /(Z|[+-]\d\d:?\d\d)$/.test(text.slice(10)) || text.length === 10 ? text : `${text}Z`;
  const date = new Date(zoned);
  if (!ISO_DATE.test(text) || Number.isNaN(date.getTime())) {
    throw new GraphQLError(`'${text}' is not a date and time like 2018-01-31T12:00:00.000Z`);
  }
  return date;
}

/** Gives the scalars that GraphQL does not know their meaning. Dates are `Date` inside. */
export function attachScalars(schema: GraphQLSchema): void {
  const dateTime = schema.getType('DateTime');
  if (dateTime instanceof GraphQLScalarType) {
    dateTime.serialize = (value) => (value instanceof Date ? value.toISOString() : String(value));
    dateTime.parseValue = parseDate;
    dateTime.parseLiteral = (node) =>
      parseDate(node.kind === Kind.STRING ? node.value : valueFromASTUntyped(node));
  }
}
