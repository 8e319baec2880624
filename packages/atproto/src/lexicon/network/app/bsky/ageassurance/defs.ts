// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.ageassurance.defs`. */
export interface AppBskyAgeassuranceDefsTypes {
  readonly 'app.bsky.ageassurance.defs#access': 'unknown' | 'none' | 'safe' | 'full' | (string & {})
  readonly 'app.bsky.ageassurance.defs#status': 'unknown' | 'pending' | 'assured' | 'blocked' | (string & {})
  readonly 'app.bsky.ageassurance.defs#state': {
    readonly $type?: 'app.bsky.ageassurance.defs#state' | undefined
    readonly lastInitiatedAt?: string | undefined
    readonly status: LexiconTypes['app.bsky.ageassurance.defs#status']
    readonly access: LexiconTypes['app.bsky.ageassurance.defs#access']
  }
  readonly 'app.bsky.ageassurance.defs#stateMetadata': {
    readonly $type?: 'app.bsky.ageassurance.defs#stateMetadata' | undefined
    readonly accountCreatedAt?: string | undefined
  }
  readonly 'app.bsky.ageassurance.defs#config': {
    readonly $type?: 'app.bsky.ageassurance.defs#config' | undefined
    readonly regions: readonly LexiconTypes['app.bsky.ageassurance.defs#configRegion'][]
  }
  readonly 'app.bsky.ageassurance.defs#configRegion': {
    readonly $type?: 'app.bsky.ageassurance.defs#configRegion' | undefined
    readonly platforms?: readonly ('web' | 'ios' | 'android' | (string & {}))[] | undefined
    readonly countryCode: string
    readonly regionCode?: string | undefined
    readonly minAccessAge: number
    readonly additionalVerificationMethods?: readonly ('device' | (string & {}))[] | undefined
    readonly rules: readonly (
      | (LexiconTypes['app.bsky.ageassurance.defs#configRegionRuleDefault'] & {
          readonly $type: 'app.bsky.ageassurance.defs#configRegionRuleDefault'
        })
      | (LexiconTypes['app.bsky.ageassurance.defs#configRegionRuleIfDeclaredOverAge'] & {
          readonly $type: 'app.bsky.ageassurance.defs#configRegionRuleIfDeclaredOverAge'
        })
      | (LexiconTypes['app.bsky.ageassurance.defs#configRegionRuleIfDeclaredUnderAge'] & {
          readonly $type: 'app.bsky.ageassurance.defs#configRegionRuleIfDeclaredUnderAge'
        })
      | (LexiconTypes['app.bsky.ageassurance.defs#configRegionRuleIfAssuredOverAge'] & {
          readonly $type: 'app.bsky.ageassurance.defs#configRegionRuleIfAssuredOverAge'
        })
      | (LexiconTypes['app.bsky.ageassurance.defs#configRegionRuleIfAssuredUnderAge'] & {
          readonly $type: 'app.bsky.ageassurance.defs#configRegionRuleIfAssuredUnderAge'
        })
      | (LexiconTypes['app.bsky.ageassurance.defs#configRegionRuleIfAccountNewerThan'] & {
          readonly $type: 'app.bsky.ageassurance.defs#configRegionRuleIfAccountNewerThan'
        })
      | (LexiconTypes['app.bsky.ageassurance.defs#configRegionRuleIfAccountOlderThan'] & {
          readonly $type: 'app.bsky.ageassurance.defs#configRegionRuleIfAccountOlderThan'
        })
    )[]
  }
  readonly 'app.bsky.ageassurance.defs#configRegionRuleDefault': {
    readonly $type?: 'app.bsky.ageassurance.defs#configRegionRuleDefault' | undefined
    readonly access: LexiconTypes['app.bsky.ageassurance.defs#access']
  }
  readonly 'app.bsky.ageassurance.defs#configRegionRuleIfDeclaredOverAge': {
    readonly $type?: 'app.bsky.ageassurance.defs#configRegionRuleIfDeclaredOverAge' | undefined
    readonly age: number
    readonly access: LexiconTypes['app.bsky.ageassurance.defs#access']
  }
  readonly 'app.bsky.ageassurance.defs#configRegionRuleIfDeclaredUnderAge': {
    readonly $type?: 'app.bsky.ageassurance.defs#configRegionRuleIfDeclaredUnderAge' | undefined
    readonly age: number
    readonly access: LexiconTypes['app.bsky.ageassurance.defs#access']
  }
  readonly 'app.bsky.ageassurance.defs#configRegionRuleIfAssuredOverAge': {
    readonly $type?: 'app.bsky.ageassurance.defs#configRegionRuleIfAssuredOverAge' | undefined
    readonly age: number
    readonly access: LexiconTypes['app.bsky.ageassurance.defs#access']
  }
  readonly 'app.bsky.ageassurance.defs#configRegionRuleIfAssuredUnderAge': {
    readonly $type?: 'app.bsky.ageassurance.defs#configRegionRuleIfAssuredUnderAge' | undefined
    readonly age: number
    readonly access: LexiconTypes['app.bsky.ageassurance.defs#access']
  }
  readonly 'app.bsky.ageassurance.defs#configRegionRuleIfAccountNewerThan': {
    readonly $type?: 'app.bsky.ageassurance.defs#configRegionRuleIfAccountNewerThan' | undefined
    readonly date: string
    readonly access: LexiconTypes['app.bsky.ageassurance.defs#access']
  }
  readonly 'app.bsky.ageassurance.defs#configRegionRuleIfAccountOlderThan': {
    readonly $type?: 'app.bsky.ageassurance.defs#configRegionRuleIfAccountOlderThan' | undefined
    readonly date: string
    readonly access: LexiconTypes['app.bsky.ageassurance.defs#access']
  }
  readonly 'app.bsky.ageassurance.defs#event': {
    readonly $type?: 'app.bsky.ageassurance.defs#event' | undefined
    readonly createdAt: string
    readonly attemptId: string
    readonly status: 'unknown' | 'pending' | 'assured' | 'blocked' | (string & {})
    readonly access: 'unknown' | 'none' | 'safe' | 'full' | (string & {})
    readonly countryCode: string
    readonly regionCode?: string | undefined
    readonly email?: string | undefined
    readonly initIp?: string | undefined
    readonly initUa?: string | undefined
    readonly completeIp?: string | undefined
    readonly completeUa?: string | undefined
  }
}
