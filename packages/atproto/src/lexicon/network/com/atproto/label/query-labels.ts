// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.label.queryLabels`. */
export interface ComAtprotoLabelQueryLabelsTypes {
  readonly 'com.atproto.label.queryLabels': {
    readonly parameters: {
      readonly uriPatterns: readonly string[]
      readonly sources?: readonly string[] | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly labels: readonly LexiconTypes['com.atproto.label.defs#label'][]
    }
  }
}
