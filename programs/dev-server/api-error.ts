/** A refusal that a client is meant to read, with the number that the CLIs know it by, if any. */
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

/** 3015 of the management API. @param reason what the check of the token said */
export const tokenInvalid = (reason: string) =>
  new ApiError(3015, `Authentication token is invalid: ${reason}`);

/** 4000: the management API knows no such service. */
export const noSuchService = (name: string, stage: string) =>
  new ApiError(4000, `No service with name '${name}' and stage '${stage}' found`);
