import { isHandle } from '../syntax/index.ts'
import { identityErrors } from './errors.ts'

const prefix = 'did:web:'

/**
 * Where the document of a did:web lies. The AT Protocol takes host names alone: no path, and a port only for `localhost`,
 * which is served over `http:` and only with `allowHttp`.
 *
 * @throws `ATPROTO_DID_UNSUPPORTED`
 * @example
 * ```ts
 * import { didWebUrl } from '@exprsn/atproto/identity'
 *
 * console.log(didWebUrl('did:web:alice.example.com')) // https://alice.example.com/.well-known/did.json
 * ```
 */
export function didWebUrl(
  did: string,
  { allowHttp = false }: { readonly allowHttp?: boolean | undefined } = {},
): string {
  const host = did.startsWith(prefix) ? did.slice(prefix.length) : ''
  const local = /^localhost(?:%3A(\d{1,5}))?$/.exec(host)
  if (local !== null && allowHttp)
    return `http://localhost${local[1] === undefined ? '' : `:${local[1]}`}/.well-known/did.json`
  if (!isHandle(host))
    throw identityErrors.ATPROTO_DID_UNSUPPORTED({ did, reason: 'it does not name a public host alone' })
  return `https://${host}/.well-known/did.json`
}

/** What {@link didWebDocument} writes. */
export interface DidWebAccount {
  readonly did: string
  readonly handle?: string | undefined
  /** The did:key that signs the repository. */
  readonly signingKey?: string | undefined
  /** The origin of the account's server. */
  readonly pds?: string | undefined
  /** Other services by their fragment. @default {} */
  readonly services?: Readonly<Record<string, { readonly type: string; readonly endpoint: string }>> | undefined
}

/**
 * The identity document of a did:web, ready to be served as JSON.
 *
 * @throws `ATPROTO_DID_UNSUPPORTED`
 * @example
 * ```ts
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 * import { didWebDocument } from '@exprsn/atproto/identity'
 *
 * const signingKey = createSigningKey('k256').didKey
 * const account = { did: 'did:web:alice.example.com', handle: 'alice.example.com', pds: 'https://pds.example.com', signingKey }
 * console.log(didWebDocument(account).alsoKnownAs) // [ 'at://alice.example.com' ]
 * ```
 */
export function didWebDocument({ did, handle, signingKey, pds, services = {} }: DidWebAccount): DidWebJson {
  didWebUrl(did, { allowHttp: true })
  const all = {
    ...(pds === undefined ? {} : { atproto_pds: { type: 'AtprotoPersonalDataServer', endpoint: pds } }),
    ...services,
  }
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    alsoKnownAs: handle === undefined ? [] : [`at://${handle}`],
    verificationMethod:
      signingKey === undefined
        ? []
        : [
            {
              id: `${did}#atproto`,
              type: 'Multikey',
              controller: did,
              publicKeyMultibase: signingKey.slice('did:key:'.length),
            },
          ],
    service: Object.entries(all).map(([id, { type, endpoint }]) => ({ id: `#${id}`, type, serviceEndpoint: endpoint })),
  }
}

/** An identity document as it is served. */
export interface DidWebJson {
  readonly '@context': readonly string[]
  readonly id: string
  readonly alsoKnownAs: readonly string[]
  readonly verificationMethod: readonly {
    readonly id: string
    readonly type: string
    readonly controller: string
    readonly publicKeyMultibase: string
  }[]
  readonly service: readonly { readonly id: string; readonly type: string; readonly serviceEndpoint: string }[]
}
