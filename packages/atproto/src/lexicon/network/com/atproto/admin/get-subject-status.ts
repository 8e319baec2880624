// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.admin.getSubjectStatus`. */
export interface ComAtprotoAdminGetSubjectStatusTypes {
  readonly 'com.atproto.admin.getSubjectStatus': {
    readonly parameters: {
      readonly did?: string | undefined
      readonly uri?: string | undefined
      readonly blob?: string | undefined
    }
    readonly output: {
      readonly subject:
        | (LexiconTypes['com.atproto.admin.defs#repoRef'] & { readonly $type: 'com.atproto.admin.defs#repoRef' })
        | (LexiconTypes['com.atproto.repo.strongRef'] & { readonly $type: 'com.atproto.repo.strongRef' })
        | (LexiconTypes['com.atproto.admin.defs#repoBlobRef'] & {
            readonly $type: 'com.atproto.admin.defs#repoBlobRef'
          })
      readonly takedown?: LexiconTypes['com.atproto.admin.defs#statusAttr'] | undefined
      readonly deactivated?: LexiconTypes['com.atproto.admin.defs#statusAttr'] | undefined
    }
  }
}
