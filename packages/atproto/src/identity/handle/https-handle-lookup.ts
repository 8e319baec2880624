import type { Client } from '@exprsn/core/client'
import { isDid } from '../../syntax/index.ts'
import { identityErrors } from '../errors.ts'
import type { HandleLookup, LookupOutcome } from './handle-lookup.ts'

const keptFound = 5 * 60_000
const keptNegative = 60_000

/** Options of {@link httpsHandleLookup}. */
export interface HttpsHandleLookupOptions {
  /** Asks for the document; it keeps private addresses out. */
  readonly client: Pick<Client, 'request'>
  /** Where a handle's DID is served. @default `https://<handle>/.well-known/atproto-did` */
  readonly urlOf?: ((handle: string) => string) | undefined
}

/** The file `/.well-known/atproto-did` of the host that has the handle as its name. Redirects are not followed. */
export function httpsHandleLookup({ client, urlOf = wellKnown }: HttpsHandleLookupOptions): HandleLookup {
  return async (handle, { signal }) => {
    try {
      const response = await client.request(urlOf(handle), {
        signal,
        timeout: '5s',
        maxRedirects: 0,
        maxResponseBytes: 4096,
        throwOnStatus: false,
        headers: { accept: 'text/plain' },
      })
      return read(handle, response.status, response.status === 200 ? response.text() : '')
    } catch (error) {
      signal?.throwIfAborted()
      return { outcome: 'failed', error: error as Error }
    }
  }
}

function wellKnown(handle: string): string {
  return `https://${handle}/.well-known/atproto-did`
}

function read(handle: string, status: number, body: string): LookupOutcome {
  if (status >= 500 || status === 429) {
    return { outcome: 'failed', error: identityErrors.ATPROTO_HANDLE_HOST_FAILED({ handle, status }) }
  }
  if (status !== 200) return { outcome: 'absent', ttl: keptNegative }
  const text = body.trim()
  if (isDid(text)) return { outcome: 'found', did: text, ttl: keptFound }
  // Many hosts answer everything with a page of their own.
  if (!text.startsWith('did:')) return { outcome: 'absent', ttl: keptNegative }
  return { outcome: 'invalid', value: text.slice(0, 200), ttl: keptNegative }
}
