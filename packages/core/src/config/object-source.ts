import { objectEntries } from './object-entries.ts'
import type { ConfigSource } from './source.ts'

/** Values that apply where no later source has one: the usual first source. Nested like the configuration itself. */
export function defaults(values: object): ConfigSource {
  return { read: (schema) => objectEntries(values, 'defaults', schema) }
}

/** Values that the program knows best, such as those of its command line: the usual last source. */
export function overrides(values: object): ConfigSource {
  return { read: (schema) => objectEntries(values, 'overrides', schema) }
}
