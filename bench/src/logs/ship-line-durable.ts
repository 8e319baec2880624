import { localCost } from './ship/local-cost.ts'

/** 100 lines per turn of the loop, durability `line`. */
export const benchmark = localCost({
  name: 'logs/ship-line-durable',
  durability: 'line',
  linesPerTick: 100,
  target: 1.15,
})
