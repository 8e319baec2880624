import { createClient, type Client } from '../client/create-client.ts'
import type { ClientOptions } from '../client/client-options.ts'
import { Secret } from '../config/secret.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'
import type { DeliveryContext, DeliveryNote } from './channel.ts'
import { cut } from './check-notification.ts'
import { notifyErrors } from './errors.ts'

/** Options of channels that post to an address. */
export interface PostOptions {
  /** Where to post: an `https:` URL; what is in it is treated as a secret. */
  readonly url: string | Secret<string>
  /** The host's own client, which is never closed. @default one of this channel's own, to public addresses alone */
  readonly client?: Client | undefined
  /** Options of the client that is made, such as `allow` for receivers in private networks. @default {} */
  readonly clientOptions?: Omit<ClientOptions, 'baseUrl' | 'retry'> | undefined
  /** Sent with every message. @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Posts JSON to one address. */
export interface Poster {
  post(
    id: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    context: DeliveryContext,
  ): Promise<DeliveryNote>
  close(): Promise<void>
}

/** Repeating is left to whoever sends: here each call is one attempt, and redirects are not followed. */
export function createPoster({ url, client: given, clientOptions, headers: own = {} }: PostOptions): Poster {
  const address = Secret.is(url) ? url.reveal() : url
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw notifyErrors.CORE_NOTIFY_OPTION_INVALID({ option: 'url', reason: 'it is not an http: or https: URL' })
  const { origin } = new URL(address)
  let made: Client | undefined
  const client = (): Client => given ?? (made ??= createClient({ timeout: '20s', ...clientOptions, retry: false }))
  return {
    async post(id, body, headers, { signal }) {
      try {
        const response = await client().request(address, {
          method: 'POST',
          headers: { ...own, 'content-type': 'application/json', ...headers },
          body,
          idempotencyKey: id,
          maxRedirects: 0,
          maxResponseBytes: 64 * 1024,
          signal,
        })
        return { response: cut(response.text().trim(), 200) }
      } catch (error) {
        throw signal.aborted ? error : failureOf(error, origin)
      }
    },
    close: async () => made?.close(),
  }
}

/** The same failure without the address: paths and queries of webhooks are passwords more often than not. */
function failureOf(error: unknown, origin: string): unknown {
  if (!ExprsnError.is(error)) return error
  const { status, excerpt, retryAfterMs } = error.details
  const details = { origin, cause: error.code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  if (error.code === 'CORE_CLIENT_STATUS' && !error.retryable)
    return notifyErrors.CORE_NOTIFY_REFUSED({ ...details, status, excerpt })
  if (error.code === 'CORE_CLIENT_STATUS')
    return notifyErrors.CORE_NOTIFY_UNAVAILABLE({
      ...details,
      reason: `it answered ${String(status)}`,
      status,
      excerpt,
    })
  return error.retryable ? notifyErrors.CORE_NOTIFY_UNAVAILABLE({ ...details, reason: error.code }) : error
}
