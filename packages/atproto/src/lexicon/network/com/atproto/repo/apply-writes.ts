// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.repo.applyWrites`. */
export interface ComAtprotoRepoApplyWritesTypes {
  readonly 'com.atproto.repo.applyWrites': {
    readonly input: {
      readonly repo: string
      readonly validate?: boolean | undefined
      readonly writes: readonly (
        | (LexiconTypes['com.atproto.repo.applyWrites#create'] & {
            readonly $type: 'com.atproto.repo.applyWrites#create'
          })
        | (LexiconTypes['com.atproto.repo.applyWrites#update'] & {
            readonly $type: 'com.atproto.repo.applyWrites#update'
          })
        | (LexiconTypes['com.atproto.repo.applyWrites#delete'] & {
            readonly $type: 'com.atproto.repo.applyWrites#delete'
          })
      )[]
      readonly swapCommit?: string | undefined
    }
    readonly output: {
      readonly commit?: LexiconTypes['com.atproto.repo.defs#commitMeta'] | undefined
      readonly results?:
        | readonly (
            | (LexiconTypes['com.atproto.repo.applyWrites#createResult'] & {
                readonly $type: 'com.atproto.repo.applyWrites#createResult'
              })
            | (LexiconTypes['com.atproto.repo.applyWrites#updateResult'] & {
                readonly $type: 'com.atproto.repo.applyWrites#updateResult'
              })
            | (LexiconTypes['com.atproto.repo.applyWrites#deleteResult'] & {
                readonly $type: 'com.atproto.repo.applyWrites#deleteResult'
              })
          )[]
        | undefined
    }
  }
  readonly 'com.atproto.repo.applyWrites#create': {
    readonly $type?: 'com.atproto.repo.applyWrites#create' | undefined
    readonly collection: string
    readonly rkey?: string | undefined
    readonly value: DataObject
  }
  readonly 'com.atproto.repo.applyWrites#update': {
    readonly $type?: 'com.atproto.repo.applyWrites#update' | undefined
    readonly collection: string
    readonly rkey: string
    readonly value: DataObject
  }
  readonly 'com.atproto.repo.applyWrites#delete': {
    readonly $type?: 'com.atproto.repo.applyWrites#delete' | undefined
    readonly collection: string
    readonly rkey: string
  }
  readonly 'com.atproto.repo.applyWrites#createResult': {
    readonly $type?: 'com.atproto.repo.applyWrites#createResult' | undefined
    readonly uri: string
    readonly cid: string
    readonly validationStatus?: 'valid' | 'unknown' | (string & {}) | undefined
  }
  readonly 'com.atproto.repo.applyWrites#updateResult': {
    readonly $type?: 'com.atproto.repo.applyWrites#updateResult' | undefined
    readonly uri: string
    readonly cid: string
    readonly validationStatus?: 'valid' | 'unknown' | (string & {}) | undefined
  }
  readonly 'com.atproto.repo.applyWrites#deleteResult': {
    readonly $type?: 'com.atproto.repo.applyWrites#deleteResult' | undefined
  }
}
