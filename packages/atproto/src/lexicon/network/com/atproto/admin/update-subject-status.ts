// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.admin.updateSubjectStatus`. */
export interface ComAtprotoAdminUpdateSubjectStatusTypes {
  readonly 'com.atproto.admin.updateSubjectStatus': {
    readonly input: {
      readonly subject:
        | (LexiconTypes['com.atproto.admin.defs#repoRef'] & { readonly $type: 'com.atproto.admin.defs#repoRef' })
        | (LexiconTypes['com.atproto.repo.strongRef'] & { readonly $type: 'com.atproto.repo.strongRef' })
        | (LexiconTypes['com.atproto.admin.defs#repoBlobRef'] & {
            readonly $type: 'com.atproto.admin.defs#repoBlobRef'
          })
      readonly takedown?: LexiconTypes['com.atproto.admin.defs#statusAttr'] | undefined
      readonly deactivated?: LexiconTypes['com.atproto.admin.defs#statusAttr'] | undefined
    }
    readonly output: {
      readonly subject:
        | (LexiconTypes['com.atproto.admin.defs#repoRef'] & { readonly $type: 'com.atproto.admin.defs#repoRef' })
        | (LexiconTypes['com.atproto.repo.strongRef'] & { readonly $type: 'com.atproto.repo.strongRef' })
        | (LexiconTypes['com.atproto.admin.defs#repoBlobRef'] & {
            readonly $type: 'com.atproto.admin.defs#repoBlobRef'
          })
      readonly takedown?: LexiconTypes['com.atproto.admin.defs#statusAttr'] | undefined
    }
  }
}
