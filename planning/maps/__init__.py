"""Which values make which map: the layers as plain values, ready for JSON."""
