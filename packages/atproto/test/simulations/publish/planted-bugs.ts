import type { DataObject } from '@exprsn/atproto/codec'
import type { Mapping, XrpcRequest } from '@exprsn/atproto/publish'
import { fileOf } from './host-files.ts'

/** A bug as a change of what a process says to its database or to the host of its account, or of what it is to do. */
export interface PlantedBug {
  readonly policies?: Pick<NonNullable<Mapping['policies']>, 'thread' | 'alt'> | undefined
  readonly sql?: ((text: string) => string) | undefined
  readonly call?: ((method: string, request: XrpcRequest) => readonly [string, XrpcRequest]) | undefined
}

const put = 'com.atproto.repo.putRecord'
const remove = 'com.atproto.repo.deleteRecord'
const get = 'com.atproto.repo.getRecord'
const apply = 'com.atproto.repo.applyWrites'
const upload = 'com.atproto.repo.uploadBlob'

/** Each alone must be found by the simulation. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'what is sent is not noted before': { sql: (text) => text.replace('set tried = $6', 'set tried = nullif($6, $6)') },
  'what was answered is not noted': {
    sql: (text) =>
      text.replace('set cid = $6, tried = null, ref_cid', 'set cid = nullif($6, $6), tried = null, ref_cid'),
  },
  'a deletion is not noted': { sql: (text) => text.replace('removed = 2 where', 'removed = 0 where') },
  'an edit during a run counts as published': {
    sql: (text) =>
      text
        .replace('holder = $4 and revision = $5', 'holder = $4 and $5 = $5')
        .replace('and revision = $6', 'and $6 = $6'),
  },
  'points are not counted': { sql: (text) => text.replace('set used = $3', 'set used = 0 * $3') },
  'an edit changes the time of a post': { sql: (text) => text.replace('created_at = $7', 'created_at = $8 + 0 * $7') },
  'an edit changes what the thread refers to': {
    sql: (text) => text.replace('ref_cid = coalesce(ref_cid, $6)', 'ref_cid = $6'),
  },
  'a removal is forgotten': { sql: (text) => text.replace('wanted = $6', 'wanted = coalesce($6, wanted)') },
  'the state is not saved': {
    sql: (text) => text.replace('set state = $4, error', 'set state = state, error = $4, error'),
  },
  'record keys are not stored': { sql: (text) => text.replace('$7, 0) on conflict', '$7, 1) on conflict') },
  'nothing is deleted a second time': { sql: (text) => text.replace('removed = 2 where', 'removed = 1 where') },
  'a new wish does not wake the item': {
    sql: (text) => text.replace("state = 'pending', version", 'state = state, version'),
  },
  'the known version is not compared': {
    call: (method, request) =>
      method === put ? [method, { ...request, input: { ...request.input, swapRecord: undefined } }] : [method, request],
  },
  'records are created, not put': {
    call: (method, request) => [method === put ? 'com.atproto.repo.createRecord' : method, request],
  },
  'deletions go astray': {
    call: (method, request) =>
      method === remove ? [method, { ...request, input: { ...request.input, rkey: 'astray' } }] : [method, request],
  },
  'every attempt has a key of its own': {
    call: (method, request) =>
      method === put
        ? [method, { ...request, input: { ...request.input, swapRecord: undefined, rkey: `k${++keys}` } }]
        : [method, request],
  },
  'an image without words is taken': { policies: { alt: 'optional' } },
  'what a page said, and what was uploaded, is not kept': {
    sql: (text) =>
      text.replace(
        'values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on',
        'select $1, $2, $3, $4, $5, $6, $7, $8, $9 where false on',
      ),
  },
  'files that the host has dropped are not sent again': {
    sql: (text) => text.replace(/^(delete from \S+publish_media\S* where did = \$1 and cid = \$2)$/, '$1 and false'),
  },
  'all files count as uploaded': {
    sql: (text) => text.replace(/^select 1 as uploaded .*$/, "select 1 as uploaded where $1 <> '' or $2 <> ''"),
  },
  'another file is uploaded': {
    call: (method, request) =>
      method === upload && request.blob!.bytes[19]! % 3 === 0
        ? [method, { ...request, blob: { ...request.blob!, bytes: fileOf('another') } }]
        : [method, request],
  },
  'a thread comes one post after another': { policies: { thread: 'sequential' } },
  'a thread comes without its end': {
    call: (method, request) =>
      method === apply ? [method, withWrites(request, (writes) => writes.slice(0, -1))] : [method, request],
  },
  'every attempt at a thread has keys of its own': {
    call: (method, request) =>
      method === apply
        ? [method, withWrites(request, (writes) => writes.map((write) => ({ ...write, rkey: `k${++keys}` })))]
        : [method, request],
  },
  'what stands of a thread is not looked at': {
    call: (method, request) =>
      method === get ? [method, { ...request, params: { ...request.params, rkey: 'astray' } }] : [method, request],
  },
}

let keys = 0

function withWrites(
  request: XrpcRequest,
  change: (writes: readonly DataObject[]) => readonly DataObject[],
): XrpcRequest {
  const writes = change(request.input!.writes as readonly DataObject[])
  return { ...request, input: { ...request.input, writes: [...writes] } }
}
