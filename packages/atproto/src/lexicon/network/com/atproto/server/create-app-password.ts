// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.server.createAppPassword`. */
export interface ComAtprotoServerCreateAppPasswordTypes {
  readonly 'com.atproto.server.createAppPassword': {
    readonly input: {
      readonly name: string
      readonly privileged?: boolean | undefined
    }
    readonly output: LexiconTypes['com.atproto.server.createAppPassword#appPassword']
  }
  readonly 'com.atproto.server.createAppPassword#appPassword': {
    readonly $type?: 'com.atproto.server.createAppPassword#appPassword' | undefined
    readonly name: string
    readonly password: string
    readonly createdAt: string
    readonly privileged?: boolean | undefined
  }
}
