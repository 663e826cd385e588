/** An answer that is not a success, in the API's own form: `{id, message, request_id}`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** 400: the request itself cannot be read. */
export const badRequest = (message: string): ApiError => new ApiError(400, 'bad_request', message);

/** 401: no token, or one that the account does not know. */
export const unauthorized = (): ApiError =>
  new ApiError(401, 'unauthorized', 'Unable to authenticate you');

/** 403: the token lacks a scope, or the account may not do it. */
export const forbidden = (message = 'You are not authorized to perform this operation'): ApiError =>
  new ApiError(403, 'forbidden', message);

/** 404. */
export const notFound = (message = 'The resource you requested could not be found.'): ApiError =>
  new ApiError(404, 'not_found', message);

/** 409: something of that name is there. */
export const conflict = (message: string): ApiError => new ApiError(409, 'conflict', message);

/** 412. */
export const preconditionFailed = (message: string): ApiError =>
  new ApiError(412, 'precondition_failed', message);

/** 422: the request was read and cannot be done. */
export const unprocessable = (message: string): ApiError =>
  new ApiError(422, 'unprocessable_entity', message);

/** 429, with `retry-after` in seconds and no calls remaining. */
export const tooManyRequests = (retryAfterSeconds: number): ApiError =>
  new ApiError(429, 'too_many_requests', 'API Rate limit exceeded.', {
    'retry-after': String(retryAfterSeconds),
    'ratelimit-remaining': '0',
  });

/** 5xx. */
export const serverError = (status: 500 | 502 | 503 | 504 = 500): ApiError =>
  status === 500
    ? new ApiError(500, 'server_error', 'Unexpected server-side error')
    : new ApiError(status, 'service_unavailable', 'Service is temporarily unavailable');
