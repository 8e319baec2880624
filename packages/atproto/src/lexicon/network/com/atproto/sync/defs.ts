// Written by scripts/generate-network.ts.

/** The types of `com.atproto.sync.defs`. */
export interface ComAtprotoSyncDefsTypes {
  readonly 'com.atproto.sync.defs#hostStatus': 'active' | 'idle' | 'offline' | 'throttled' | 'banned' | (string & {})
}
