import { localCost } from './ship/local-cost.ts'

/** 2 lines per turn of the loop, durability `line`. */
export const benchmark = localCost({
  name: 'logs/ship-line-durable-2',
  durability: 'line',
  linesPerTick: 2,
  target: 1.05,
})
