// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.temp.checkHandleAvailability`. */
export interface ComAtprotoTempCheckHandleAvailabilityTypes {
  readonly 'com.atproto.temp.checkHandleAvailability': {
    readonly parameters: {
      readonly handle: string
      readonly email?: string | undefined
      readonly birthDate?: string | undefined
    }
    readonly output: {
      readonly handle: string
      readonly result:
        | (LexiconTypes['com.atproto.temp.checkHandleAvailability#resultAvailable'] & {
            readonly $type: 'com.atproto.temp.checkHandleAvailability#resultAvailable'
          })
        | (LexiconTypes['com.atproto.temp.checkHandleAvailability#resultUnavailable'] & {
            readonly $type: 'com.atproto.temp.checkHandleAvailability#resultUnavailable'
          })
    }
  }
  readonly 'com.atproto.temp.checkHandleAvailability#resultAvailable': {
    readonly $type?: 'com.atproto.temp.checkHandleAvailability#resultAvailable' | undefined
  }
  readonly 'com.atproto.temp.checkHandleAvailability#resultUnavailable': {
    readonly $type?: 'com.atproto.temp.checkHandleAvailability#resultUnavailable' | undefined
    readonly suggestions: readonly LexiconTypes['com.atproto.temp.checkHandleAvailability#suggestion'][]
  }
  readonly 'com.atproto.temp.checkHandleAvailability#suggestion': {
    readonly $type?: 'com.atproto.temp.checkHandleAvailability#suggestion' | undefined
    readonly handle: string
    readonly method: string
  }
}
