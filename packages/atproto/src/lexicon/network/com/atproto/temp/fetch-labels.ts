// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.temp.fetchLabels`. */
export interface ComAtprotoTempFetchLabelsTypes {
  readonly 'com.atproto.temp.fetchLabels': {
    readonly parameters: {
      readonly since?: number | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly labels: readonly LexiconTypes['com.atproto.label.defs#label'][]
    }
  }
}
