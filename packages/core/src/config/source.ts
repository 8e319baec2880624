import type { ZodSchema } from './zod-schema.ts'

/** One value that a source found. */
export interface ConfigEntry {
  /** Keys from the root of the configuration to the value. */
  readonly path: readonly string[]
  readonly value: unknown
  /** Where exactly it was found, for people: `env APP_PORT`, `app.json`. */
  readonly origin: string
}

/** One thing that is wrong with the configuration. Values of secrets are masked. */
export interface ConfigProblem {
  /** Keys joined with dots; empty when the problem is the source itself. */
  readonly path: string
  /** What should have been there, in words. */
  readonly expected: string
  /** What was there, shortened, or `nothing`. */
  readonly got: string
  /** Where it was found, or where it could be set. */
  readonly source: string
}

/** What a source gives. */
export interface ConfigLayer {
  readonly entries: readonly ConfigEntry[]
  readonly problems?: readonly ConfigProblem[] | undefined
}

/** Where configuration comes from: made by {@link defaults}, {@link file}, {@link env} or {@link overrides}. */
export interface ConfigSource {
  /** Reads everything at once. `schema` is undefined when the schema cannot be looked into. */
  read(schema: ZodSchema | undefined): ConfigLayer
  /** Where a key that is missing could be set in this source, if it makes sense to say so. */
  place?(path: readonly string[]): string | undefined
}
