/** An error whose message is for the client, with the CLIs' number for it, if there is one. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    readonly code: number | undefined,
    message: string,
    readonly httpStatus = 200,
  ) {
    super(message);
  }
}

/** 3015 of the management API. @param reason why the token is refused */
export const tokenInvalid = (reason: string) =>
  new ApiError(3015, `Authentication token is invalid: ${reason}`);

/** 4000: the management API has no such service. */
export const noSuchService = (name: string, stage: string) =>
  new ApiError(4000, `No service with name '${name}' and stage '${stage}' found`);
