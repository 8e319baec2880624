import { isDeepStrictEqual } from 'node:util'
import { isHandle } from '../../syntax/index.ts'
import { serverOrigin } from '../did-document.ts'
import { identityErrors } from '../errors.ts'
import type { PlcService, PlcState } from './plc-operation.ts'

/** What to change of an identity. What is left out stays. */
export interface PlcChange {
  /** The handle, in place of the first `at://` name; others stay behind it. */
  readonly handle?: string | undefined
  /** The origin of the account's server. */
  readonly pds?: string | undefined
  /** The did:key that signs the repository. */
  readonly signingKey?: string | undefined
  /** All keys that may change the identity, the strongest first. */
  readonly rotationKeys?: readonly string[] | undefined
  /** Services by name; `undefined` takes one away. */
  readonly services?: Readonly<Record<string, PlcService | undefined>> | undefined
  /** Keys by name, as did:key; `undefined` takes one away. */
  readonly verificationMethods?: Readonly<Record<string, string | undefined>> | undefined
}

/** One difference between two states. */
export interface PlcDifference {
  /** Where: `rotationKeys`, `alsoKnownAs`, `verificationMethods.atproto`, `services.atproto_pds`. */
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/**
 * The state after a change.
 *
 * @throws `ATPROTO_PLC_CHANGE_REFUSED` for a handle or a server that is none
 */
export function changeState(did: string, state: PlcState, change: PlcChange): PlcState {
  const { handle, pds, signingKey, rotationKeys = state.rotationKeys } = change
  if (handle !== undefined && !isHandle(handle)) throw refused(did, `${handle} is not a handle`)
  const endpoint = pds === undefined ? undefined : serverOrigin(pds, true)
  if (pds !== undefined && endpoint === undefined)
    throw refused(did, 'the server is not an origin such as https://pds.example.com')
  return {
    rotationKeys,
    verificationMethods: merged(state.verificationMethods, {
      ...(signingKey === undefined ? {} : { atproto: signingKey }),
      ...change.verificationMethods,
    }),
    alsoKnownAs: handle === undefined ? state.alsoKnownAs : renamed(state.alsoKnownAs, `at://${handle.toLowerCase()}`),
    services: merged(state.services, {
      ...(endpoint === undefined ? {} : { atproto_pds: { type: 'AtprotoPersonalDataServer', endpoint } }),
      ...change.services,
    }),
  }
}

/** What differs between two states, field by field. A state that is undefined is that of no identity, or of one given up. */
export function differencesOf(before: PlcState | undefined, after: PlcState | undefined): readonly PlcDifference[] {
  const left = flat(before)
  const right = flat(after)
  const fields = [...new Set([...left.keys(), ...right.keys()])]
  return fields.flatMap((field) => {
    const difference = { field, before: left.get(field), after: right.get(field) }
    return isDeepStrictEqual(difference.before, difference.after) ? [] : [difference]
  })
}

function merged<Value>(
  known: Readonly<Record<string, Value>>,
  changes: Readonly<Record<string, Value | undefined>>,
): Readonly<Record<string, Value>> {
  const entries = Object.entries({ ...known, ...changes })
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined))
}

function renamed(names: readonly string[], name: string): readonly string[] {
  const first = names.findIndex((known) => known.startsWith('at://'))
  const others = names.filter((known, index) => index !== first && known !== name)
  return first < 0 ? [name, ...others] : others.toSpliced(Math.min(first, others.length), 0, name)
}

function flat(state: PlcState | undefined): ReadonlyMap<string, unknown> {
  if (state === undefined) return new Map()
  const nested = (['verificationMethods', 'services'] as const).flatMap((field) =>
    Object.entries(state[field]).map(([name, value]) => [`${field}.${name}`, value] as const),
  )
  return new Map<string, unknown>([['rotationKeys', state.rotationKeys], ['alsoKnownAs', state.alsoKnownAs], ...nested])
}

function refused(did: string, reason: string): Error {
  return identityErrors.ATPROTO_PLC_CHANGE_REFUSED({ did, reason })
}
