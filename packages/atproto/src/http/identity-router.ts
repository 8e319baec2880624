import type { Clock, Logger } from '@exprsn/core'
import { createRouter, reply, replyContent, type Router } from '@exprsn/core/http'
import { didWebUrl, type DidWebJson } from '../identity/index.ts'
import { isDid, isHandle } from '../syntax/index.ts'
import { servingErrors } from './errors.ts'

/** Options of `createIdentityHandler` and {@link identityRouter}. */
export interface IdentityRouterOptions {
  /** The account of a handle, which comes in lower case; undefined when there is none. @default there are no handles */
  readonly didOf?: ((handle: string) => string | undefined | Promise<string | undefined>) | undefined
  /** The document of `did:web:<host>`; undefined when there is none. @default there are no documents */
  readonly documentOf?: ((did: string) => DidWebJson | undefined | Promise<DidWebJson | undefined>) | undefined
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

const cache = { 'cache-control': 'public, max-age=60' }

/**
 * The same as a router, to be mounted into the host's own.
 *
 * @example
 * ```ts
 * import { createRouter } from '@exprsn/core/http'
 * import { identityRouter } from '@exprsn/atproto/http'
 * import { didWebDocument } from '@exprsn/atproto/identity'
 *
 * const router = createRouter().mount('', identityRouter({ documentOf: (did) => didWebDocument({ did }) }))
 * const response = await router.fetch(new Request('https://feeds.example.com/.well-known/did.json'))
 * const { id } = (await response.json()) as { id: string }
 * console.log(id) // did:web:feeds.example.com
 * ```
 */
export function identityRouter({ didOf, documentOf, logger, clock }: IdentityRouterOptions): Router {
  return createRouter({ logger, clock, cors: { origins: '*' } })
    .route({
      method: 'GET',
      path: '/.well-known/atproto-did',
      summary: 'The account of the handle that this host is',
      description: 'The DID as plain text. The host name of the request is the handle.',
      tags: ['identity'],
      responses: { 200: 'The DID.', 404: 'No account has this handle.' },
      handler: async ({ request }) => {
        const host = new URL(request.url).hostname.toLowerCase()
        const did = isHandle(host) ? await didOf?.(host) : undefined
        if (did === undefined) throw servingErrors.ATPROTO_HANDLE_NOT_SERVED({ host })
        if (!isDid(did)) throw servingErrors.ATPROTO_SERVED_DID_INVALID({ host, did })
        return replyContent(did, { type: 'text/plain', headers: cache })
      },
    })
    .route({
      method: 'GET',
      path: '/.well-known/did.json',
      summary: 'The identity document of this host',
      description: 'The document of did:web with the host name of the request.',
      tags: ['identity'],
      responses: { 200: 'The document.', 404: 'This host has no identity.' },
      handler: async ({ request }) => {
        const url = new URL(request.url)
        const did = `did:web:${url.hostname.toLowerCase()}${url.hostname === 'localhost' && url.port !== '' ? `%3A${url.port}` : ''}`
        const document = isServable(did) ? await documentOf?.(did) : undefined
        if (document === undefined) throw servingErrors.ATPROTO_HANDLE_NOT_SERVED({ host: url.hostname })
        if (document.id !== did)
          throw servingErrors.ATPROTO_SERVED_DID_INVALID({ host: url.hostname, did: document.id })
        return reply(document, { headers: cache })
      },
    })
}

function isServable(did: string): boolean {
  try {
    return didWebUrl(did, { allowHttp: true }) !== ''
  } catch {
    return false
  }
}
