/**
 * The part of the SDK's `S3Client` that the store uses. A host's own client fits; it is never destroyed by the store.
 */
export interface S3ClientLike {
  send(command: unknown, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>
}

/** Access key and secret, and a token where they are temporary. */
export interface S3StoreCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** When they expire, where that is known. @default never */
  readonly expiration?: Date | undefined
}

/** The credentials as the SDK takes them: a field is given or absent. */
export function givenFields({ accessKeyId, secretAccessKey, sessionToken }: S3StoreCredentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
}
