// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.labeler.getServices`. */
export interface AppBskyLabelerGetServicesTypes {
  readonly 'app.bsky.labeler.getServices': {
    readonly parameters: {
      readonly dids: readonly string[]
      readonly detailed?: boolean | undefined
    }
    readonly output: {
      readonly views: readonly (
        | (LexiconTypes['app.bsky.labeler.defs#labelerView'] & { readonly $type: 'app.bsky.labeler.defs#labelerView' })
        | (LexiconTypes['app.bsky.labeler.defs#labelerViewDetailed'] & {
            readonly $type: 'app.bsky.labeler.defs#labelerViewDetailed'
          })
      )[]
    }
  }
}
