// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.moderation.createReport`. */
export interface ComAtprotoModerationCreateReportTypes {
  readonly 'com.atproto.moderation.createReport': {
    readonly input: {
      readonly reasonType: LexiconTypes['com.atproto.moderation.defs#reasonType']
      readonly reason?: string | undefined
      readonly subject:
        | (LexiconTypes['com.atproto.admin.defs#repoRef'] & { readonly $type: 'com.atproto.admin.defs#repoRef' })
        | (LexiconTypes['com.atproto.repo.strongRef'] & { readonly $type: 'com.atproto.repo.strongRef' })
      readonly modTool?: LexiconTypes['com.atproto.moderation.createReport#modTool'] | undefined
    }
    readonly output: {
      readonly id: number
      readonly reasonType: LexiconTypes['com.atproto.moderation.defs#reasonType']
      readonly reason?: string | undefined
      readonly subject:
        | (LexiconTypes['com.atproto.admin.defs#repoRef'] & { readonly $type: 'com.atproto.admin.defs#repoRef' })
        | (LexiconTypes['com.atproto.repo.strongRef'] & { readonly $type: 'com.atproto.repo.strongRef' })
      readonly reportedBy: string
      readonly createdAt: string
    }
  }
  readonly 'com.atproto.moderation.createReport#modTool': {
    readonly $type?: 'com.atproto.moderation.createReport#modTool' | undefined
    readonly name: string
    readonly meta?: DataObject | undefined
  }
}
