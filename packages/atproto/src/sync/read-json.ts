import { ExprsnError } from '@exprsn/core'
import { cidOf, encodeCbor, fromDataJson, isTid, type DataObject } from '../codec/index.ts'
import { isRecordPath } from '../repo/index.ts'
import { syncErrors } from './errors.ts'

/** Fields of JSON that nobody has checked. */
export type JsonFields = Readonly<Record<string, unknown>>

/** A change of one record, as sources without proofs tell it. */
export interface UnprovenChange {
  readonly rev: string
  readonly path: string
  /** undefined after a deletion. */
  readonly record: { readonly cid: string; readonly value: DataObject } | undefined
}

/**
 * Reads the change that stands in `fields`. The record must have the CID that is said of it: what JSON has changed on the way,
 * such as a number with a fraction, is noticed.
 *
 * @throws `ATPROTO_SYNC_MESSAGE_INVALID`
 */
export function readChange(fields: JsonFields, action: unknown): UnprovenChange {
  const { record, cid } = fields
  const rev = textField(fields, 'rev')
  const path = `${textField(fields, 'collection')}/${textField(fields, 'rkey')}`
  if (!isTid(rev)) throw invalidMessage('its revision is not a TID')
  if (!isRecordPath(path)) throw invalidMessage(`${path} is not the path of a record`)
  if (action === 'delete') return { rev, path, record: undefined }
  if (action !== 'create' && action !== 'update') throw invalidMessage('what it does to the record is unknown')
  const value = recordOf(record)
  const known = String(cidOf('dag-cbor', encodeCbor(value)))
  if (known !== cid) throw invalidMessage(`the record ${path} does not have the CID that is said of it`)
  return { rev, path, record: { cid: known, value } }
}

/** The object that a text message is. */
export function readJson(message: Uint8Array | string): JsonFields {
  if (typeof message !== 'string') throw invalidMessage('it is not text')
  return objectOf(parsed(message), 'it')
}

/** A field that is an object. */
export function objectField(fields: JsonFields, name: string): JsonFields {
  return objectOf(fields[name], `its field ${name}`)
}

/** A field that is the DID of an account. */
export function didField(fields: JsonFields): string {
  const did = textField(fields, 'did')
  if (!did.startsWith('did:')) throw invalidMessage('its field did is not a DID')
  return did
}

/** A field that is a whole number. */
export function numberField(fields: JsonFields, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw invalidMessage(`its field ${name} is not a whole number`)
  return value
}

/** The error of a message that does not say what it should. */
export function invalidMessage(reason: string, cause?: unknown): Error {
  return syncErrors.ATPROTO_SYNC_MESSAGE_INVALID({ reason }, { cause })
}

/** A field that is text, and not empty. */
function textField(fields: JsonFields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string' || value === '') throw invalidMessage(`its field ${name} is not text`)
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw invalidMessage('it is not JSON', cause)
  }
}

function objectOf(value: unknown, name: string): JsonFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidMessage(`${name} is not an object`)
  return value as JsonFields
}

function recordOf(json: unknown): DataObject {
  try {
    return fromDataJson(objectOf(json, 'its record')) as DataObject
  } catch (error) {
    if (ExprsnError.is(error) && error.code === 'ATPROTO_SYNC_MESSAGE_INVALID') throw error
    throw invalidMessage('its record is not of the data model', error)
  }
}
