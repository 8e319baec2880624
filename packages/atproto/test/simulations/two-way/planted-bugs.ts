import type { DataObject, DataValue } from '@exprsn/atproto/codec'
import type { XrpcRequest } from '@exprsn/atproto/publish'

/** A bug as a change of what a process says to its database or to the host of its account. */
export interface PlantedBug {
  readonly sql?: ((text: string) => string) | undefined
  readonly call?: ((method: string, request: XrpcRequest) => readonly [string, XrpcRequest]) | undefined
}

const put = 'com.atproto.repo.putRecord'
const remove = 'com.atproto.repo.deleteRecord'

const replaced =
  (from: string, to: string) =>
  (text: string): string =>
    text.replace(from, to)

/** Each alone must be found by the simulation. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'what is sent is noted without its version': {
    sql: replaced(', 0) + 1, $4, $5', ', 0) + 1, $4, nullif($5, $5)'),
  },
  'what has arrived is not agreed on': { sql: replaced('base_digest = $8', 'base_digest = nullif($8, $8)') },
  'the record that was agreed on is forgotten': { sql: replaced('base_record = $7', 'base_record = nullif($7, $7)') },
  'a deletion here is forgotten': { sql: replaced('deleted = $12', 'deleted = nullif($12, $12)') },
  'what the host said last is not kept': {
    sql: replaced('local_digest = $10', 'local_digest = coalesce(base_digest, $10)'),
  },
  'what another has written is not adopted': {
    sql: replaced('rkey = excluded.rkey, cid = excluded.cid', 'rkey = excluded.rkey, cid = known.cid'),
  },
  'records are found under other items': { sql: replaced('and p.rkey = $3', 'and p.rkey <= $3') },
  'puts overwrite what they do not know': {
    call: (method, request) =>
      method === put ? [method, { ...request, input: { ...request.input, swapRecord: undefined } }] : [method, request],
  },
  'deletions delete what they do not know': {
    call: (method, request) =>
      method === remove
        ? [method, { ...request, input: { ...request.input, swapRecord: undefined } }]
        : [method, request],
  },
  'fields of others are left out': {
    call: (method, request) =>
      method === put
        ? [method, { ...request, input: { ...request.input, record: withoutMood(request.input?.record) } }]
        : [method, request],
  },
  'records are created under a second key': {
    call: (method, request) =>
      method === put && request.input?.swapRecord !== null
        ? [method, { ...request, input: { ...request.input, rkey: `k${++keys}`, swapRecord: undefined } }]
        : [method, request],
  },
}

function withoutMood(record: DataValue | undefined): DataObject {
  const { mood: _, ...others } = record as DataObject
  return others
}

let keys = 0
