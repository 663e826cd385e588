import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { watchInterrupts } from '../../../cli/interrupts.js';

function watched() {
  const exits: number[] = [];
  const world = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) });
  const interrupts = watchInterrupts(world as unknown as NodeJS.Process);
  return { world, exits, interrupts };
}

describe('watchInterrupts', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('the first %s asks to stop', (signal, code) => {
    const { world, exits, interrupts } = watched();
    expect([interrupts.signal.aborted, interrupts.received()]).toEqual([false, undefined]);
    world.emit(signal, signal);
    expect([interrupts.signal.aborted, interrupts.received()]).toEqual([true, code]);
    expect((interrupts.signal.reason as Error).message).toBe(`interrupted by ${signal}`);
    expect(exits).toEqual([]);
  });

  test('the second ends the process', () => {
    const { world, exits } = watched();
    world.emit('SIGINT', 'SIGINT');
    world.emit('SIGTERM', 'SIGTERM');
    expect(exits).toEqual([130]);
  });

  test('lent signals go to another, and come back', () => {
    const { world, exits, interrupts } = watched();
    const seen: string[] = [];
    const takeBack = interrupts.lend((name) => seen.push(name));
    for (const name of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGUSR1']) world.emit(name, name);
    expect(seen).toEqual(['SIGINT', 'SIGINT', 'SIGTERM', 'SIGUSR1']);
    expect([interrupts.signal.aborted, interrupts.received(), exits]).toEqual([
      false,
      undefined,
      [],
    ]);
    takeBack();
    expect(world.listenerCount('SIGUSR1')).toBe(0);
    world.emit('SIGTERM', 'SIGTERM');
    expect([interrupts.signal.aborted, interrupts.received()]).toEqual([true, 143]);
  });

  test('after stop nobody listens', () => {
    const { world, interrupts } = watched();
    interrupts.stop();
    expect(world.eventNames()).toEqual([]);
  });
});
