import type { S3ClientLike } from './s3-client.ts'
import { hasExpired, s3ErrorName, s3Status } from './s3-failure.ts'
import type { TemporaryCredentials } from './temporary-credentials.ts'

/** A client that asks for new credentials and sends a request once more when the service says that they have expired. */
export function renewingClient(client: S3ClientLike, credentials: TemporaryCredentials): S3ClientLike {
  return {
    async send(command, options) {
      const { renewals } = credentials
      try {
        return await client.send(command, options)
      } catch (error) {
        if (!mayHaveExpired(error)) throw error
        credentials.renew(renewals)
        return client.send(command, options)
      }
    },
  }
}

/** Names that the SDK gives to an answer without a body: that to HEAD, which could be anything then. */
const unnamed = ['400', 'BadRequest', 'Unknown', 'UnknownError']

function mayHaveExpired(error: unknown): boolean {
  return hasExpired(error) || (s3Status(error) === 400 && unnamed.includes(s3ErrorName(error)))
}
