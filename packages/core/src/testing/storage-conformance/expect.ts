import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import type { ListOptions, ObjectStore, PutOptions } from '../../storage/object-store.ts'

/** Fails unless the promise rejects with an error of this code; gives the error. */
export async function expectStorageError(promise: Promise<unknown>, code: string): Promise<ExprsnError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(ExprsnError.is(outcome), `expected ${code}, got ${inspect(outcome ?? 'success')}`)
  assert.equal(outcome.code, code, outcome.message)
  return outcome
}

/** Text as bytes. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Bytes that differ from place to place, so that a part that is swapped or missing shows. */
export function patternOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let index = 0; index < length; index++) bytes[index] = (index * 31 + (index >> 8) * 7 + (index >> 16)) & 0xff
  return bytes
}

/** Puts text. */
export function putText(store: ObjectStore, key: string, text: string, options?: PutOptions) {
  return store.put(key, bytesOf(text), options)
}

/** Gets text. */
export async function getText(store: ObjectStore, key: string): Promise<string> {
  return new TextDecoder().decode(await (await store.get(key)).bytes())
}

/** The keys of a listing. */
export async function keysOf(store: ObjectStore, options?: ListOptions): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(options)) keys.push(key)
  return keys
}

/** A stream of the given chunks. */
export async function* streamOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, void> {
  for (const chunk of chunks) yield chunk
}
