"""What every request passes on its way in and out, whatever page it asks for."""
