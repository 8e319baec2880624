const shape = /^[a-zA-Z0-9_~.:-]{1,512}$/

/**
 * Whether the text can name a record within its collection.
 *
 * @example
 * ```ts
 * import { isRecordKey } from '@exprsn/atproto/syntax'
 *
 * console.log(isRecordKey('self'), isRecordKey('..')) // true false
 * ```
 */
export function isRecordKey(text: string): boolean {
  return shape.test(text) && text !== '.' && text !== '..'
}
