import { didKeyOfDocument } from '../crypto/index.ts'
import { isHandle } from '../syntax/index.ts'
import { identityErrors } from './errors.ts'

/** A service of an identity document. */
export interface DidService {
  /** Its fragment: `atproto_pds`. */
  readonly id: string
  readonly type: string
  readonly endpoint: string
}

/** What the AT Protocol needs of an identity document. */
export interface DidDocument {
  readonly did: string
  /** The handles that the document claims, in lower case; the first one counts. None of them is verified yet. */
  readonly handles: readonly string[]
  /** The key that signs the repository, as a did:key. */
  readonly signingKey: string | undefined
  /** The origin of the account's server: `https://pds.example.com`. */
  readonly pds: string | undefined
  /** All keys of known types by their fragment, as did:key. */
  readonly keys: ReadonlyMap<string, string>
  readonly services: readonly DidService[]
  /** What of the document was left out, and why. */
  readonly problems: readonly string[]
}

/** Options of {@link parseDidDocument}. */
export interface ParseDidDocumentOptions {
  /** Whose document it must be. */
  readonly did: string
  /** Accepts a server at an `http:` URL, for networks of one's own. @default false */
  readonly allowHttp?: boolean | undefined
}

const most = 100

/**
 * Reads an identity document. Parts that the protocol does not know, or that are wrong, are left out and named in
 * `problems`; keys of the two older types are understood.
 *
 * @param json what JSON.parse returned
 * @throws `ATPROTO_DID_DOCUMENT_INVALID` when it is no document, or that of another
 * @example
 * ```ts
 * import { parseDidDocument } from '@exprsn/atproto/identity'
 *
 * const did = 'did:web:alice.example.com'
 * const json = { id: did, alsoKnownAs: ['at://alice.example.com'], service: [], verificationMethod: [] }
 * console.log(parseDidDocument(json, { did }).handles) // [ 'alice.example.com' ]
 * ```
 */
export function parseDidDocument(json: unknown, { did, allowHttp = false }: ParseDidDocumentOptions): DidDocument {
  const document = objectOf(json)
  if (document === undefined) throw invalid(did, 'it is not an object')
  if (document.id !== did) throw invalid(did, 'it is the document of another')
  const problems: string[] = []
  const keys = keysOf(listOf(document.verificationMethod), did, problems)
  const services = listOf(document.service).flatMap((service) => serviceOf(service, did))
  return {
    did,
    handles: handlesOf(listOf(document.alsoKnownAs)),
    signingKey: keys.get('atproto'),
    pds: pdsOf(services, allowHttp, problems),
    keys,
    services,
    problems,
  }
}

function handlesOf(names: readonly unknown[]): readonly string[] {
  const handles = names.flatMap((name) =>
    typeof name === 'string' && name.startsWith('at://') && isHandle(name.slice(5))
      ? [name.slice(5).toLowerCase()]
      : [],
  )
  return [...new Set(handles)]
}

function keysOf(methods: readonly unknown[], did: string, problems: string[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  for (const method of methods) {
    const { id, type, publicKeyMultibase } = objectOf(method) ?? {}
    const name = typeof id === 'string' ? fragmentOf(id, did) : undefined
    // Where a name stands twice the first one counts, as it does for the other implementations.
    if (name === undefined || keys.has(name)) continue
    if (typeof type !== 'string' || typeof publicKeyMultibase !== 'string') {
      problems.push(`the key #${name} is not in a known form`)
      continue
    }
    try {
      keys.set(name, didKeyOfDocument({ type, publicKeyMultibase }))
    } catch {
      problems.push(`the key #${name} of type ${type.slice(0, 60)} cannot be used`)
    }
  }
  return keys
}

function serviceOf(json: unknown, did: string): readonly DidService[] {
  const { id, type, serviceEndpoint } = objectOf(json) ?? {}
  const name = typeof id === 'string' ? fragmentOf(id, did) : undefined
  if (name === undefined || typeof type !== 'string' || typeof serviceEndpoint !== 'string') return []
  return [{ id: name, type, endpoint: serviceEndpoint }]
}

function pdsOf(services: readonly DidService[], allowHttp: boolean, problems: string[]): string | undefined {
  const service = services.find(({ id }) => id === 'atproto_pds')
  if (service === undefined) return undefined
  const origin = service.type === 'AtprotoPersonalDataServer' ? serverOrigin(service.endpoint, allowHttp) : undefined
  if (origin === undefined) problems.push('the service #atproto_pds has no https origin as its endpoint')
  return origin
}

/** The origin of a server's URL; undefined when it has a path, a user, or is not https. */
export function serverOrigin(endpoint: string, allowHttp: boolean): string | undefined {
  if (!URL.canParse(endpoint)) return undefined
  const { protocol, origin, href } = new URL(endpoint)
  const secure = protocol === 'https:' || (allowHttp && protocol === 'http:')
  return secure && href === `${origin}/` ? origin : undefined
}

/** Ids are relative (`#atproto`) or begin with the DID itself. */
function fragmentOf(id: string, did: string): string | undefined {
  const hash = id.indexOf('#')
  if (hash < 0 || (hash > 0 && id.slice(0, hash) !== did)) return undefined
  return id.slice(hash + 1)
}

function objectOf(json: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json)
  return isObject ? (json as Readonly<Record<string, unknown>>) : undefined
}

/** Some documents have null where a list belongs. More entries than anybody needs are not read. */
function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json.slice(0, most) : []
}

function invalid(did: string, reason: string): Error {
  return identityErrors.ATPROTO_DID_DOCUMENT_INVALID({ did, reason })
}
