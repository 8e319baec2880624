// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.label.defs`. */
export interface ComAtprotoLabelDefsTypes {
  readonly 'com.atproto.label.defs#label': {
    readonly $type?: 'com.atproto.label.defs#label' | undefined
    readonly ver?: number | undefined
    readonly src: string
    readonly uri: string
    readonly cid?: string | undefined
    readonly val: string
    readonly neg?: boolean | undefined
    readonly cts: string
    readonly exp?: string | undefined
    readonly sig?: Uint8Array | undefined
  }
  readonly 'com.atproto.label.defs#selfLabels': {
    readonly $type?: 'com.atproto.label.defs#selfLabels' | undefined
    readonly values: readonly LexiconTypes['com.atproto.label.defs#selfLabel'][]
  }
  readonly 'com.atproto.label.defs#selfLabel': {
    readonly $type?: 'com.atproto.label.defs#selfLabel' | undefined
    readonly val: string
  }
  readonly 'com.atproto.label.defs#labelValueDefinition': {
    readonly $type?: 'com.atproto.label.defs#labelValueDefinition' | undefined
    readonly identifier: string
    readonly severity: 'inform' | 'alert' | 'none' | (string & {})
    readonly blurs: 'content' | 'media' | 'none' | (string & {})
    readonly defaultSetting?: 'ignore' | 'warn' | 'hide' | (string & {}) | undefined
    readonly adultOnly?: boolean | undefined
    readonly locales: readonly LexiconTypes['com.atproto.label.defs#labelValueDefinitionStrings'][]
  }
  readonly 'com.atproto.label.defs#labelValueDefinitionStrings': {
    readonly $type?: 'com.atproto.label.defs#labelValueDefinitionStrings' | undefined
    readonly lang: string
    readonly name: string
    readonly description: string
  }
  readonly 'com.atproto.label.defs#labelValue':
    | '!hide'
    | '!warn'
    | '!no-unauthenticated'
    | 'porn'
    | 'sexual'
    | 'nudity'
    | 'graphic-media'
    | 'bot'
    | (string & {})
}
