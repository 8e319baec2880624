// Written by scripts/generate-network.ts.
import type { Cid } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.sync.subscribeRepos`. */
export interface ComAtprotoSyncSubscribeReposTypes {
  readonly 'com.atproto.sync.subscribeRepos': {
    readonly parameters: {
      readonly cursor?: number | undefined
    }
    readonly message:
      | (LexiconTypes['com.atproto.sync.subscribeRepos#commit'] & {
          readonly $type: 'com.atproto.sync.subscribeRepos#commit'
        })
      | (LexiconTypes['com.atproto.sync.subscribeRepos#sync'] & {
          readonly $type: 'com.atproto.sync.subscribeRepos#sync'
        })
      | (LexiconTypes['com.atproto.sync.subscribeRepos#identity'] & {
          readonly $type: 'com.atproto.sync.subscribeRepos#identity'
        })
      | (LexiconTypes['com.atproto.sync.subscribeRepos#account'] & {
          readonly $type: 'com.atproto.sync.subscribeRepos#account'
        })
      | (LexiconTypes['com.atproto.sync.subscribeRepos#info'] & {
          readonly $type: 'com.atproto.sync.subscribeRepos#info'
        })
  }
  readonly 'com.atproto.sync.subscribeRepos#commit': {
    readonly $type?: 'com.atproto.sync.subscribeRepos#commit' | undefined
    readonly seq: number
    readonly rebase: boolean
    readonly tooBig: boolean
    readonly repo: string
    readonly commit: Cid
    readonly rev: string
    readonly since: string | null
    readonly blocks: Uint8Array
    readonly ops: readonly LexiconTypes['com.atproto.sync.subscribeRepos#repoOp'][]
    readonly blobs: readonly Cid[]
    readonly prevData?: Cid | undefined
    readonly time: string
  }
  readonly 'com.atproto.sync.subscribeRepos#sync': {
    readonly $type?: 'com.atproto.sync.subscribeRepos#sync' | undefined
    readonly seq: number
    readonly did: string
    readonly blocks: Uint8Array
    readonly rev: string
    readonly time: string
  }
  readonly 'com.atproto.sync.subscribeRepos#identity': {
    readonly $type?: 'com.atproto.sync.subscribeRepos#identity' | undefined
    readonly seq: number
    readonly did: string
    readonly time: string
    readonly handle?: string | undefined
  }
  readonly 'com.atproto.sync.subscribeRepos#account': {
    readonly $type?: 'com.atproto.sync.subscribeRepos#account' | undefined
    readonly seq: number
    readonly did: string
    readonly time: string
    readonly active: boolean
    readonly status?:
      | 'takendown'
      | 'suspended'
      | 'deleted'
      | 'deactivated'
      | 'desynchronized'
      | 'throttled'
      | (string & {})
      | undefined
  }
  readonly 'com.atproto.sync.subscribeRepos#info': {
    readonly $type?: 'com.atproto.sync.subscribeRepos#info' | undefined
    readonly name: 'OutdatedCursor' | (string & {})
    readonly message?: string | undefined
  }
  readonly 'com.atproto.sync.subscribeRepos#repoOp': {
    readonly $type?: 'com.atproto.sync.subscribeRepos#repoOp' | undefined
    readonly action: 'create' | 'update' | 'delete' | (string & {})
    readonly path: string
    readonly cid: Cid | null
    readonly prev?: Cid | undefined
  }
}
