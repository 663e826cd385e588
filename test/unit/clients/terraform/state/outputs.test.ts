import { expect, test } from 'vitest';
import { NO_STATE, outputsIn } from '../../../../../clients/terraform/state/state.js';
import { stateWith } from '../../../../support/terraform-state.js';

test('texts only', () => {
  const outputs = {
    endpoint: { value: 'http://192.0.2.7:4466', type: 'string' },
    count: { value: 3 },
  };
  expect(outputsIn(stateWith([], outputs))).toEqual({ endpoint: 'http://192.0.2.7:4466' });
  expect(outputsIn(NO_STATE)).toEqual({});
});
