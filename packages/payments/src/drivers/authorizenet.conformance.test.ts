import { systemClock } from '@exprsn/core'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { describe, it } from 'vitest'
import { simulateAuthorizeNet } from '../testing/authorizenet/simulate-authorize-net.ts'
import { gatewayConformance } from '../testing/conformance/gateway-conformance.ts'
import { authorizeNetGateway } from './authorizenet.ts'

describe('authorizeNetGateway', () => {
  for (const { name, run } of gatewayConformance) {
    it(name, async () => {
      const clock = new SimulatedClock({ now: Date.UTC(2026, 0, 1, 8) })
      await using simulator = await simulateAuthorizeNet({ clock, random: new SeededRandom(name) })
      const { apiLoginId, transactionKey, signatureKey, url: baseUrl } = simulator
      const limits = { timeout: 1_000, clock: { ...systemTimers, now: () => clock.now() } }
      await using gateway = authorizeNetGateway({
        apiLoginId,
        transactionKey,
        baseUrl,
        signatureKeys: [signatureKey],
        ...limits,
      })
      await run({
        gateway,
        simulator,
        currency: 'USD',
        tokens: { pays: () => simulator.createToken(), declines: () => simulator.createToken('declines') },
        command: 'createTransactionRequest',
        now: () => clock.now(),
        advance: (milliseconds) => clock.advanceBy(milliseconds),
      })
    })
  }
})

/** Answers that never come are given up by real time; everything else goes by the simulated one. */
const systemTimers = {
  monotonic: () => systemClock.monotonic(),
  setTimer: (...given: Parameters<typeof systemClock.setTimer>) => systemClock.setTimer(...given),
}
