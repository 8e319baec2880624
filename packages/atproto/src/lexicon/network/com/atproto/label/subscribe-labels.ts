// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.label.subscribeLabels`. */
export interface ComAtprotoLabelSubscribeLabelsTypes {
  readonly 'com.atproto.label.subscribeLabels': {
    readonly parameters: {
      readonly cursor?: number | undefined
    }
    readonly message:
      | (LexiconTypes['com.atproto.label.subscribeLabels#labels'] & {
          readonly $type: 'com.atproto.label.subscribeLabels#labels'
        })
      | (LexiconTypes['com.atproto.label.subscribeLabels#info'] & {
          readonly $type: 'com.atproto.label.subscribeLabels#info'
        })
  }
  readonly 'com.atproto.label.subscribeLabels#labels': {
    readonly $type?: 'com.atproto.label.subscribeLabels#labels' | undefined
    readonly seq: number
    readonly labels: readonly LexiconTypes['com.atproto.label.defs#label'][]
  }
  readonly 'com.atproto.label.subscribeLabels#info': {
    readonly $type?: 'com.atproto.label.subscribeLabels#info' | undefined
    readonly name: 'OutdatedCursor' | (string & {})
    readonly message?: string | undefined
  }
}
