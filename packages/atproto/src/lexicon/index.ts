/**
 * Lexicons: records checked by the schemas of their collection, TypeScript and zod written from lexicon documents, and the
 * types of `app.bsky` and `com.atproto`.
 *
 * @packageDocumentation
 */
export type { LexiconIssue } from './check-value.ts'
export { createLexicons, type Lexicons, type RecordPlace } from './create-lexicons.ts'
export type { BlobRef } from './data-kinds.ts'
export { lexiconErrors } from './errors.ts'
export { generateLexicons, type GenerateLexiconsOptions } from './generate/generate-lexicons.ts'
export type {
  LexiconArray,
  LexiconBlob,
  LexiconBody,
  LexiconBytes,
  LexiconDefinition,
  LexiconDocument,
  LexiconInteger,
  LexiconObject,
  LexiconParameters,
  LexiconProcedure,
  LexiconQuery,
  LexiconRecord,
  LexiconSchema,
  LexiconString,
  LexiconSubscription,
  LexiconUnion,
} from './lexicon-document.ts'
export type { LexiconTypes } from './network/lexicon-types.ts'
export { recordLexicons } from './network/record-lexicons.ts'
export { readLexicon } from './read-lexicon.ts'
export { zodKit, type SchemaLike, type ZodKit, type ZodLike } from './zod-kit.ts'
