import { GraphQLError, GraphQLScalarType, type GraphQLSchema, valueFromASTUntyped } from 'graphql';

const ISO_DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(?<zone>Z|[+-]\d\d:?\d\d)?)?$/;

/** A time without a zone is UTC, never the zone of the machine. */
function readDate(value: unknown): Date {
  const text = String(value);
  const match = ISO_DATE.exec(text);
  const isZoned = text.length === 10 || match?.groups?.zone !== undefined;
  const date = new Date(isZoned ? text : `${text}Z`);
  if (match !== null && !Number.isNaN(date.getTime())) return date;
  throw new GraphQLError(`'${text}' is not a date and time like 2018-01-31T12:00:00.000Z`);
}

/** In a query, Json is text, such as `"{\"a\": 1}"`; in variables it is a JSON value. */
function readJson(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    throw new GraphQLError(`'${value}' is not JSON`);
  }
}

/** Adds the behaviour of the scalars that GraphQL lacks. Dates are `Date` inside the server. */
export function attachScalars(schema: GraphQLSchema): void {
  const dateTime = schema.getType('DateTime');
  if (dateTime instanceof GraphQLScalarType) {
    dateTime.serialize = (value) => (value instanceof Date ? value.toISOString() : String(value));
    dateTime.parseValue = readDate;
    dateTime.parseLiteral = (node, variables) => readDate(valueFromASTUntyped(node, variables));
  }
  const json = schema.getType('Json');
  if (json instanceof GraphQLScalarType) {
    json.parseLiteral = (node, variables) => readJson(valueFromASTUntyped(node, variables));
  }
}
