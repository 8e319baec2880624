// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.server.listAppPasswords`. */
export interface ComAtprotoServerListAppPasswordsTypes {
  readonly 'com.atproto.server.listAppPasswords': {
    readonly output: {
      readonly passwords: readonly LexiconTypes['com.atproto.server.listAppPasswords#appPassword'][]
    }
  }
  readonly 'com.atproto.server.listAppPasswords#appPassword': {
    readonly $type?: 'com.atproto.server.listAppPasswords#appPassword' | undefined
    readonly name: string
    readonly createdAt: string
    readonly privileged?: boolean | undefined
  }
}
