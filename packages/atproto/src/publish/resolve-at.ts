import { publishErrors } from './errors.ts'
import type { PublishAccount } from './publish-account.ts'

/** The DID of a handle, asked for at the account's host. @throws `ATPROTO_PUBLISH_UNAVAILABLE` */
export async function resolveAt(
  account: PublishAccount,
  handle: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const method = 'com.atproto.identity.resolveHandle'
  const { status, body } = await account.call(method, { params: { handle }, signal })
  if (status === 200 && typeof body.did === 'string') return body.did
  // A handle that nobody has, or that is none, is a matter of the text; an outage is not.
  if (status === 400 || status === 404) return undefined
  throw publishErrors.ATPROTO_PUBLISH_UNAVAILABLE({ method, status, error: '' })
}
