import { localCost } from './ship/local-cost.ts'

/** 2 lines per turn of the loop, durability `buffered`. */
export const benchmark = localCost({
  name: 'logs/ship-buffered-2',
  durability: 'buffered',
  linesPerTick: 2,
  target: 1.3,
})
