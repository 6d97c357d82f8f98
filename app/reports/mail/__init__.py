"""What the weekly mail says, and how: in English or German. Sending it is collectors/notify's."""
