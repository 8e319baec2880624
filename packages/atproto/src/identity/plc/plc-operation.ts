import { cidOf, encodeCbor, parseDidKey, type Cid, type DataObject } from '../../codec/index.ts'
import { identityErrors } from '../errors.ts'

/** A service of an identity: where its server is, for one. */
export interface PlcService {
  readonly type: string
  readonly endpoint: string
}

/** What an identity consists of between two operations. */
export interface PlcState {
  /** The keys that may change the identity, as did:key, the strongest first: 1 to 10. */
  readonly rotationKeys: readonly string[]
  /** The keys that sign for the account, as did:key: `atproto` signs its repository. */
  readonly verificationMethods: Readonly<Record<string, string>>
  /** The account's names: `at://` and a handle. */
  readonly alsoKnownAs: readonly string[]
  readonly services: Readonly<Record<string, PlcService>>
}

/** An operation that gives an identity a new state. */
export interface PlcUpdate extends PlcState {
  readonly type: 'plc_operation'
  /** The CID of the operation before; null in the first one. */
  readonly prev: string | null
  /** base64url without padding. */
  readonly sig: string
}

/** The operation that gives an identity up. */
export interface PlcTombstone {
  readonly type: 'plc_tombstone'
  readonly prev: string
  readonly sig: string
}

/** The first operation of identities from before 2023. */
export interface PlcLegacyCreate {
  readonly type: 'create'
  readonly signingKey: string
  readonly recoveryKey: string
  readonly handle: string
  readonly service: string
  readonly prev: null
  readonly sig: string
}

/** A signed operation, as it stands in the log. */
export type PlcOperation = PlcUpdate | PlcTombstone | PlcLegacyCreate

/** An operation before it is signed. */
export type UnsignedPlcOperation = Omit<PlcUpdate, 'sig'> | Omit<PlcTombstone, 'sig'>

/** Most bytes of an operation: more than any directory takes. */
const largest = 10_000
const mostRotationKeys = 10
const fields = {
  plc_operation: ['type', 'rotationKeys', 'verificationMethods', 'alsoKnownAs', 'services', 'prev', 'sig'],
  plc_tombstone: ['type', 'prev', 'sig'],
  create: ['type', 'signingKey', 'recoveryKey', 'handle', 'service', 'prev', 'sig'],
} as const

/**
 * Reads an operation from JSON. Fields that it may not have are refused, since they would be signed and yet be without
 * effect.
 *
 * @throws `ATPROTO_PLC_OPERATION_INVALID`
 */
export function readPlcOperation(json: unknown): PlcOperation {
  if (!isObject(json)) throw invalid('it is not an object')
  const { type } = json
  if (type !== 'plc_operation' && type !== 'plc_tombstone' && type !== 'create') throw invalid('its type is unknown')
  const names = Object.keys(json)
  const expected: readonly string[] = fields[type]
  if (names.length !== expected.length || !expected.every((name) => Object.hasOwn(json, name)))
    throw invalid('its fields are not those of its type')
  if (typeof json.sig !== 'string') throw invalid('it is not signed')
  const prevIsRight =
    type === 'create'
      ? json.prev === null
      : typeof json.prev === 'string' || (type === 'plc_operation' && json.prev === null)
  if (!prevIsRight) throw invalid('its prev is not a CID')
  if (type === 'create') checkLegacy(json)
  if (type === 'plc_operation') checkState(json)
  const operation = json as unknown as PlcOperation
  if (encodeCbor(operation).length > largest) throw invalid(`it is larger than ${largest} bytes`)
  return operation
}

/** Checks the parts of a state. @throws `ATPROTO_PLC_OPERATION_INVALID` */
export function checkState(state: { readonly [Name in keyof PlcState]?: unknown }): asserts state is PlcState {
  const { rotationKeys, verificationMethods, alsoKnownAs, services } = state
  if (!isTextList(rotationKeys) || rotationKeys.length === 0 || rotationKeys.length > mostRotationKeys)
    throw invalid(`it does not have 1 to ${mostRotationKeys} rotation keys`)
  if (new Set(rotationKeys).size < rotationKeys.length) throw invalid('a rotation key stands twice')
  for (const key of rotationKeys) checkKey(key, 'rotation key')
  if (!isObject(verificationMethods)) throw invalid('its verificationMethods are not an object')
  for (const [name, key] of Object.entries(verificationMethods)) {
    // Labelers and others may use keys of other kinds; the key of the repository may not.
    if (typeof key !== 'string' || !key.startsWith('did:key:')) throw invalid(`the key ${name} is not a did:key`)
    if (name === 'atproto') checkKey(key, 'signing key')
  }
  if (!isTextList(alsoKnownAs)) throw invalid('its alsoKnownAs is not a list of text')
  if (!isObject(services)) throw invalid('its services are not an object')
  for (const [name, service] of Object.entries(services))
    if (!isObject(service) || typeof service.type !== 'string' || typeof service.endpoint !== 'string')
      throw invalid(`the service ${name} has no type and endpoint`)
}

/** The state that an operation gives; undefined for a tombstone. */
export function stateOf(operation: PlcOperation): PlcState | undefined {
  if (operation.type === 'plc_tombstone') return undefined
  if (operation.type === 'plc_operation') {
    const { rotationKeys, verificationMethods, alsoKnownAs, services } = operation
    return { rotationKeys, verificationMethods, alsoKnownAs, services }
  }
  const { recoveryKey, signingKey, handle, service } = operation
  return {
    rotationKeys: recoveryKey === signingKey ? [recoveryKey] : [recoveryKey, signingKey],
    verificationMethods: { atproto: signingKey },
    alsoKnownAs: [`at://${handle.replace(/^(https?|at):\/\//, '')}`],
    services: {
      atproto_pds: {
        type: 'AtprotoPersonalDataServer',
        endpoint: /^https?:\/\//.test(service) ? service : `https://${service}`,
      },
    },
  }
}

/** The CID that the next operation names as its `prev`. */
export function operationCid(operation: PlcOperation): Cid {
  return cidOf('dag-cbor', encodeCbor(operation))
}

/** The bytes that are signed. */
export function unsignedBytes(operation: PlcOperation | UnsignedPlcOperation): Uint8Array {
  const { sig: _, ...unsigned } = operation as PlcOperation
  return encodeCbor(unsigned as DataObject)
}

function checkLegacy({ signingKey, recoveryKey, handle, service }: Readonly<Record<string, unknown>>): void {
  if (typeof handle !== 'string' || typeof service !== 'string') throw invalid('its handle or service is not text')
  for (const key of [signingKey, recoveryKey]) {
    if (typeof key !== 'string') throw invalid('a key is not text')
    checkKey(key, 'key')
  }
}

function checkKey(key: string, kind: string): void {
  try {
    parseDidKey(key)
  } catch (cause) {
    throw identityErrors.ATPROTO_PLC_OPERATION_INVALID({ reason: `a ${kind} is not of P-256 or K-256` }, { cause })
  }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(reason: string): Error {
  return identityErrors.ATPROTO_PLC_OPERATION_INVALID({ reason })
}
