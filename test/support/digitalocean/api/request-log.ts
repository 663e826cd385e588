/** One request, as it can be asserted on. Neither headers nor bodies, so no token and no secret. */
export interface LoggedRequest {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** With `?`, or empty. */
  readonly query: string;
  /** What the client got: a status, or why it got none. */
  readonly outcome: number | 'no-answer' | 'reset' | 'answer-lost';
  /** ISO 8601, on the API's clock. */
  readonly at: string;
}
