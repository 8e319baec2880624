import { Cid } from '../codec/index.ts'
import { hasGraphemes } from './count-graphemes.ts'
import { isMediaType, isMap } from './data-kinds.ts'
import { stringFormats } from './string-formats.ts'

/** The part of zod that generated schemas need of it here. */
export interface ZodLike<Schema> {
  custom(check: (value: unknown) => boolean, message: string): Schema
}

/** A schema that can be asked. */
export interface SchemaLike {
  safeParse(value: unknown): { readonly success: boolean }
}

/** What {@link zodKit} gives. */
export interface ZodKit<Schema> {
  /** The check of a format of text; of one that is not known, one that all text passes. */
  format(name: string): (text: string) => boolean
  /** Bytes of a length. */
  bytes(minimum: number, maximum: number): Schema
  /** A blob up to a size, of certain media types. */
  blob(maximumSize: number, accept: readonly string[]): Schema
  /** Any object of the data model. */
  readonly dataObject: Schema
  /** Whether a text has as many bytes of UTF-8 and as many characters as it may. */
  hasLength(text: string, minimum: number, maximum: number, minimumGraphemes: number, maximumGraphemes: number): boolean
  /** One of several objects, told apart by `$type`; of others, too, unless it is closed. */
  union(members: Readonly<Record<string, SchemaLike>>, closed: boolean): Schema
}

/**
 * What the schemas that `generateLexicons` writes stand on. It takes the zod of those who use them, so that this package
 * needs none.
 *
 * @example
 * ```ts
 * import { zodKit } from '@exprsn/atproto/lexicon'
 * import { z } from 'zod'
 *
 * const did = z.string().refine(zodKit(z).format('did'))
 * console.log(did.safeParse('did:web:example.com').success) // true
 * ```
 */
export function zodKit<Schema>(z: ZodLike<Schema>): ZodKit<Schema> {
  return {
    format: (name) => stringFormats.get(name) ?? (() => true),
    dataObject: z.custom(isMap, 'it is not an object'),
    bytes: (minimum, maximum) =>
      z.custom(
        (value) => value instanceof Uint8Array && value.length >= minimum && value.length <= maximum,
        `it is not ${minimum} to ${maximum} bytes`,
      ),
    blob: (maximumSize, accept) => z.custom((value) => isBlob(value, maximumSize, accept), 'it is not such a blob'),
    hasLength(text, minimum, maximum, minimumGraphemes, maximumGraphemes) {
      const length = Buffer.byteLength(text)
      return length >= minimum && length <= maximum && hasGraphemes(text, minimumGraphemes, maximumGraphemes)
    },
    union: (members, closed) =>
      z.custom((value) => {
        const type = isMap(value) ? value.$type : undefined
        if (typeof type !== 'string') return false
        if (!Object.hasOwn(members, type)) return !closed
        return members[type]!.safeParse(value).success
      }, 'it is none of the objects that are allowed'),
  }
}

function isBlob(value: unknown, maximumSize: number, accept: readonly string[]): boolean {
  if (!isMap(value)) return false
  const { $type, ref, mimeType, size } = value
  const isRight = $type === 'blob' && ref instanceof Cid && typeof size === 'number' && size <= maximumSize
  return isRight && typeof mimeType === 'string' && accept.some((pattern) => isMediaType(mimeType, pattern))
}
