// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.sync.listHosts`. */
export interface ComAtprotoSyncListHostsTypes {
  readonly 'com.atproto.sync.listHosts': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly hosts: readonly LexiconTypes['com.atproto.sync.listHosts#host'][]
    }
  }
  readonly 'com.atproto.sync.listHosts#host': {
    readonly $type?: 'com.atproto.sync.listHosts#host' | undefined
    readonly hostname: string
    readonly seq?: number | undefined
    readonly accountCount?: number | undefined
    readonly status?: LexiconTypes['com.atproto.sync.defs#hostStatus'] | undefined
  }
}
